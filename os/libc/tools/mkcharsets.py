#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Writes iconv/tables.h: the upper halves of the 8-bit character sets, from Python's codecs.
SETS = [('iso8859_%d' % n, 'ISO-8859-%d' % n) for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)] + \
    [('cp%d' % n, 'CP%d' % n) for n in (1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258,
                                        437, 850, 852, 855, 858, 866, 874)] + \
    [('koi8_r', 'KOI8-R'), ('koi8_u', 'KOI8-U'), ('mac_roman', 'MACINTOSH')]
print('/* SPDX-License-Identifier: MIT */')
print('/* Written by tools/mkcharsets.py: do not edit. Bytes 128 to 255 as characters; 0: none. */')
print('static const struct charset { const char *name; unsigned short high[128]; } charsets[] = {')
for codec, name in SETS:
    high = []
    for b in range(128, 256):
        try:
            high.append(ord(bytes([b]).decode(codec)))
        except UnicodeDecodeError:
            high.append(0)
    print('\t{ "%s", {' % name)
    for i in range(0, 128, 16):
        print('\t\t' + ' '.join('%d,' % h for h in high[i:i + 16]))
    print('\t} },')
print('};')
