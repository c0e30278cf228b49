"""Room ``sources``: Asterisk and its family (FreePBX, Issabel, VitalPBX): queue_log, CDR and queues.conf."""
