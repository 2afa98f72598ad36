"""The UNTP-CRM profile: its vocabulary, schemas, cases, example chains and mutations."""
