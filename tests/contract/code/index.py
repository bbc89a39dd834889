"""Sample code that the cases zip."""


def handler(event: object, context: object) -> str:
    return "hello"
