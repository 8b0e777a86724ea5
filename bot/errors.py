"""What can go wrong that a person should hear about, each as a sentence."""


class HuashuError(Exception):
    """Base of all our errors; the message is a Chinese sentence a person reads: what happened, what to do."""

    @property
    def sentence(self) -> str:
        return str(self)


class SettingsError(HuashuError):
    """A setting is missing or wrong; names the setting, where it was read and what is allowed."""


class BookError(HuashuError):
    """A phrasebook file is broken; names the file, the line, what is wrong and what is allowed."""


class NotAllowed(HuashuError):
    """This person may not do this."""


class OutOfDate(HuashuError):
    """What the person pressed or answered has changed meanwhile; says how it stands now."""


class Unreadable(HuashuError):
    """What the person typed can't be used; says what is expected. Nothing was changed."""
