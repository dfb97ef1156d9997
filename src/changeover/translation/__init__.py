"""Translation of texts and documents: segments side by side, by whatever model may be used."""
