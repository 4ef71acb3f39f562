"""The settings of the server, from the environment, validated before it starts."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ByteSize, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from starlike.errors import SettingsError
from starlike.files import portrait_folder
from starlike.model import store
from starlike.photo import Limits
from starlike.threads import cores

PREFIX = "STARLIKE_"

_WAITING_PER_WORKER = 4


def _listed(value: Any) -> Any:
    """A list as one environment variable holds it: divided by commas."""
    if not isinstance(value, str):
        return value
    return tuple(item.strip() for item in value.split(",") if item.strip())


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Every setting, by the name of its variable without the prefix, in lower case."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 for any free one.")
    model: Path = Field(
        default_factory=store.default_folder, description="The model folder that answers."
    )
    portraits: Path | None = Field(
        None, description="Folder of portraits; by default `portraits` in the model folder."
    )
    workers: int = Field(0, ge=0, le=256, description="Processes that answer; 0 for one a core.")
    queue: int | None = Field(
        None, ge=0, le=10_000, description="Requests that may wait; by default 4 a worker."
    )
    max_photos: int = Field(8, ge=1, le=100, description="Photos in one request.")
    max_bytes: ByteSize = Field(
        ByteSize(16 * 2**20), ge=1, description="Bytes of one photo, such as 16MiB."
    )
    max_pixels: int = Field(50_000_000, ge=1, description="Width × height of one photo.")
    memory: ByteSize = Field(
        ByteSize(256 * 2**20), ge=1, description="Bytes of all photos that are held at one time."
    )
    timeout: float = Field(
        30.0, gt=0, le=3600, description="Seconds that an answer may wait, and then may take."
    )
    upload_timeout: float = Field(
        20.0, gt=0, le=3600, description="Seconds that sending a request may take."
    )
    rate: int = Field(
        60, ge=0, description="Requests for answers a minute and client; 0 for any number."
    )
    trusted_proxies: Listed = Field(
        (), description="Addresses or networks whose X-Forwarded-For is believed."
    )
    cors_origins: Listed = Field((), description="Origins of other pages that may ask; * for all.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="From which level on there are lines in the log."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for item in value:
            ipaddress.ip_network(item)
        return value

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for item in value:
            if item != "*" and not item.startswith(("http://", "https://")):
                raise ValueError(f"{item} is no origin; write it as https://example.org")
        return value

    @property
    def worker_count(self) -> int:
        """How many processes answer."""
        return self.workers or cores()

    @property
    def queue_length(self) -> int:
        """How many requests may wait for a worker."""
        return _WAITING_PER_WORKER * self.worker_count if self.queue is None else self.queue

    @property
    def portraits_folder(self) -> Path:
        """Where portraits lie, if there are any."""
        return self.portraits or self.model / portrait_folder.FOLDER

    @property
    def limits(self) -> Limits:
        """The size beyond which a photo is refused."""
        return Limits(max_bytes=int(self.max_bytes), max_pixels=self.max_pixels)


def read(**given: Any) -> Settings:
    """The settings of the environment, where they are not given here.

    Raises:
        SettingsError: a value cannot be used.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(_reasons(error)) from None


def _reasons(error: ValidationError) -> str:
    """Every setting that cannot be used and why, in one line."""
    wrong = []
    for item in error.errors():
        name = f"{PREFIX}{item['loc'][0]}".upper()
        reason = item["msg"].removeprefix("Value error, ")
        wrong.append(f"{name}={item['input']}: {reason[:1].lower()}{reason[1:]}")
    return "; ".join(wrong).replace("\n", " ")
