from __future__ import annotations

from typing import Any


class NexoraError(Exception):
    """What a call has failed with. Every error of this package is one.

    ``code`` is stable, as in docs/exit-codes.md; ``message`` says what failed and why, ``hint`` the
    next step, and ``details`` has facts for programs.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str | None = None,
        details: dict[str, Any] | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details
        self.status = status
        """Status of the reply; ``None`` when there was none."""

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" ({self.hint})" if self.hint else "")

    @staticmethod
    def _of(body: object, status: int | None = None) -> NexoraError:
        """The error that a daemon has sent."""
        it = body if isinstance(body, dict) else {}
        code, message = it.get("code"), it.get("message")
        hint, details = it.get("hint"), it.get("details")
        return NexoraError(
            code if isinstance(code, str) else "unexpected",
            message if isinstance(message, str) else "the reply is not an error that Nexora knows",
            hint=hint if isinstance(hint, str) else None,
            details=details if isinstance(details, dict) else None,
            status=status,
        )
