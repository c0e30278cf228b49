"""Room ``model``: what every document is made of. Knows nothing but pydantic.

All times in documents are seconds since 1970-01-01 UTC (``Epoch``), as the source told them; all durations are seconds.
"""

from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

Epoch = Annotated[float, Field(description="seconds since 1970-01-01 UTC")]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False, description="a duration in seconds")]
Doc = dict[str, Any]
"""A document as it stands in a journal, a view and on the wire: plain JSON values. Bulk paths never make models."""


class Frozen(BaseModel):
    """An immutable value. Unknown fields are an error, so that a typo never passes for a setting."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(BaseModel):
    """One thing at its latest state: ``kind`` + ``key`` + fields.

    Fields that a newer version wrote are kept out, not refused: a document may have been written by a newer hub.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    kind: ClassVar[str]
    learnt: ClassVar[frozenset[str]] = frozenset()
    """Fields that only a source writes: no edit changes them, and no file of an organisation holds them."""

    key: str

    def dump(self) -> Doc:
        """The document as plain JSON values, without fields that stand at their default."""
        doc: Doc = self.model_dump(mode="json", exclude_defaults=True)
        doc["key"] = self.key
        return doc

    @classmethod
    def load(cls, doc: Doc) -> Self:
        """The model of a stored document. Raises ``pydantic.ValidationError`` naming the field that does not fit."""
        return cls.model_validate(doc)
