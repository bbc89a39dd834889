"""The applications (blueprints), the foundation they share, and the settings that choose them."""
