#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Writes plane0.h, plane1.h (properties of characters) and cases.h (case mappings) from Python's own
# Unicode data. Run by hand when a new Unicode version is wanted: tools/mkunicode.py wctype
import os
import sys
import unicodedata as u

ALPHA, UPPER, LOWER, PUNCT, SPACE, CNTRL, W1, W2 = (1 << i for i in range(8))


def props(c):
    ch = chr(c)
    cat = u.category(ch)
    up, lo = ch.upper(), ch.lower()
    p = 0
    if c < 128:
        if ch.isalpha():
            p |= ALPHA
        if 33 <= c < 127 and not ch.isalnum():
            p |= PUNCT
        if cat == 'Cc':
            p |= CNTRL
        if ch in ' \t\n\v\f\r':
            p |= SPACE
    elif cat in ('Cn', 'Cs'):
        return 0
    elif cat == 'Cc' or c in (0x2028, 0x2029):
        p |= CNTRL | (SPACE if c in (0x2028, 0x2029, 0x85) else 0)
    elif cat[0] == 'Z':
        if c not in (0xa0, 0x2007, 0x202f):
            p |= SPACE
        else:
            p |= PUNCT
    elif cat[0] in 'L' or cat in ('Nl', 'Nd') or (cat == 'So' and 0x24b6 <= c <= 0x24e9):
        p |= ALPHA
    elif cat in ('Mn', 'Mc', 'Me') and u.combining(ch) == 0:
        p |= ALPHA
    else:
        p |= PUNCT
    if len(lo) == 1 and lo != ch:
        p |= UPPER | ALPHA
    elif len(up) == 1 and up != ch and cat != 'Mn':
        p |= LOWER | ALPHA
    elif cat == 'Ll':
        p |= LOWER
    elif cat == 'Lu':
        p |= UPPER
    if p & ALPHA:
        p &= ~PUNCT
    w = 1
    if cat in ('Mn', 'Me') or (cat == 'Cf' and c != 0xad) or 0x1160 <= c <= 0x11ff or c == 0x200b:
        w = 0
    elif u.east_asian_width(ch) in 'WF':
        w = 2
    if p & CNTRL:
        w = 0
    return p | (W1 if w == 1 else W2 if w == 2 else 0)


def head(out, what):
    print('/* SPDX-License-Identifier: MIT */', file=out)
    print('/* %s Written by tools/mkunicode.py from Unicode %s: do not edit. */' % (what, u.unidata_version), file=out)


def plane(out, number):
    """The properties of 65536 characters: blocks of 256, by number; equal ones once."""
    blocks, index = [], []
    for b in range(number << 16, (number + 1) << 16, 256):
        blk = tuple(props(c) for c in range(b, b + 256))
        if blk not in blocks:
            blocks.append(blk)
        index.append(blocks.index(blk))
    head(out, 'Characters of plane %d: blocks of 256, by number.' % number)
    print('static const unsigned char uni_index%d[256] = {' % number, file=out)
    for i in range(0, 256, 24):
        print('\t' + ' '.join('%d,' % x for x in index[i:i + 24]), file=out)
    print('};\nstatic const unsigned char uni_block%d[%d][256] = {' % (number, len(blocks)), file=out)
    for blk in blocks:
        for i in range(0, 256, 32):
            line = ''.join('%d,' % x for x in blk[i:i + 32])
            print(('\t' if i else '\t{') + line + (' },' if i == 224 else ''), file=out)
    print('};', file=out)


def runs_of(f):
    """Case mappings as (first, count, step, delta)."""
    runs = []
    for c in range(128, 0x20000):
        to = f(chr(c))
        if len(to) != 1 or to == chr(c):
            continue
        d = ord(to) - c
        if runs:
            first, n, step, delta = runs[-1]
            if d == delta and ((n == 1 and c - first <= 2) or (n > 1 and c == first + n * step)):
                runs[-1] = (first, n + 1, c - first if n == 1 else step, delta)
                continue
        runs.append((c, 1, 1, d))
    return runs


def cases(out):
    head(out, 'Case: count characters from first, step apart, go to themselves plus delta.')
    for name, f in (('lower', str.lower), ('upper', str.upper)):
        runs = runs_of(f)
        print('static const struct uni_case uni_%s[%d] = {' % (name, len(runs)), file=out)
        line = '\t'
        for r in runs:
            t = '{ %d, %d, %d, %d },' % r
            if len(line) + len(t) > 96:
                print(line, file=out)
                line = '\t'
            line += t
        print(line + '\n};', file=out)


def main(folder):
    for number in (0, 1):
        with open(os.path.join(folder, 'plane%d.h' % number), 'w') as out:
            plane(out, number)
    with open(os.path.join(folder, 'cases.h'), 'w') as out:
        cases(out)


main(sys.argv[1])
