"""Verification of a GOST R 34.10-2012 signature (RFC 7091, 6.2) in plain integers.

Nothing secret takes part in it, so there is nothing a measured time could give away.
"""

from __future__ import annotations

from typing import TypeAlias

from signing.gost.curves import Curve

# Jacobian coordinates: (X : Y : Z) stands for (X / Z², Y / Z³), Z = 0 for the point at infinity.
_Point: TypeAlias = tuple[int, int, int]
_INFINITY: _Point = (0, 1, 0)


def holds(digest: bytes, value: bytes, x: int, y: int, curve: Curve) -> bool:
    """Return whether `value` is a signature of `digest` by the owner of the public key (x, y).

    `digest` is Streebog's, 32 or 64 bytes; `value` is s, then r, both big-endian and as long as
    the digest (RFC 9215, 2). A point off the curve verifies nothing.
    """
    size = len(digest)
    if len(value) != 2 * size or not curve.holds(x, y):
        return False
    s, r = int.from_bytes(value[:size], "big"), int.from_bytes(value[size:], "big")
    if not (0 < r < curve.q and 0 < s < curve.q):
        return False
    e = int.from_bytes(digest, "little") % curve.q or 1
    v = pow(e, -1, curve.q)
    point = _combined(s * v % curve.q, -r * v % curve.q, (x, y, 1), curve)
    return point[2] != 0 and _abscissa(point, curve) % curve.q == r


def _combined(by_base: int, by_key: int, key: _Point, curve: Curve) -> _Point:
    """Return by_base × G + by_key × Q, both at once, two bits a step (Shamir's trick)."""
    base = (curve.x, curve.y, 1)
    sums = [_INFINITY] * 16
    for high in range(4):
        for low in range(4):
            if low:
                sums[4 * high + low] = _added(sums[4 * high + low - 1], key, curve)
            elif high:
                sums[4 * high] = _added(sums[4 * high - 4], base, curve)
    point = _INFINITY
    for place in range((curve.q.bit_length() + 1) // 2 * 2 - 2, -1, -2):
        point = _doubled(_doubled(point, curve), curve)
        chosen = 4 * (by_base >> place & 3) + (by_key >> place & 3)
        if chosen:
            point = _added(point, sums[chosen], curve)
    return point


def _abscissa(point: _Point, curve: Curve) -> int:
    return point[0] * pow(point[2], -2, curve.p) % curve.p


def _doubled(point: _Point, curve: Curve) -> _Point:
    x, y, z = point
    p = curve.p
    if not y or not z:
        return _INFINITY
    squared = y * y % p
    s = 4 * x * squared % p
    square = z * z % p
    m = (3 * x * x + curve.a * square * square) % p
    new_x = (m * m - 2 * s) % p
    return new_x, (m * (s - new_x) - 8 * squared * squared) % p, 2 * y * z % p


def _added(one: _Point, other: _Point, curve: Curve) -> _Point:
    if not one[2]:
        return other
    if not other[2]:
        return one
    (x1, y1, z1), (x2, y2, z2), p = one, other, curve.p
    square1, square2 = z1 * z1 % p, z2 * z2 % p
    u1, u2 = x1 * square2 % p, x2 * square1 % p
    s1, s2 = y1 * square2 * z2 % p, y2 * square1 * z1 % p
    if u1 == u2:
        return _doubled(one, curve) if s1 == s2 else _INFINITY
    h, r = u2 - u1, s2 - s1
    hh = h * h % p
    hhh = h * hh % p
    v = u1 * hh % p
    x = (r * r - hhh - 2 * v) % p
    return x, (r * (v - x) - s1 * hhh) % p, h * z1 * z2 % p
