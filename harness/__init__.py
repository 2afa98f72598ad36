"""The UNTP-CRM conformance harness: evidence in, verdicts out, and every verdict can be judged again."""

__version__ = "0.1.0"
