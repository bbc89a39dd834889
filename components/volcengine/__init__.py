"""The vocabulary on Volcengine (火山引擎), on pulumi-volcengine 0.0.47 and the official volcenginesdk-core."""
