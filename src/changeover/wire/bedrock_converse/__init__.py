"""Amazon Bedrock's Converse and ConverseStream, read and written."""
