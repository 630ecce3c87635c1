"""Conclusions from truths: the reference chainer and durable-rules behind a fence."""
