#!/bin/sh
# SPDX-License-Identifier: MIT
# x86_64-pc-calx-pkg-config: the host's pkgconf with the personality of Calx. The personality names
# /calx/tools; a tree copied elsewhere overrides its paths.
self=$(readlink -f "$0")
root=${self%/bin/*}
sysroot=$root/x86_64-pc-calx/sysroot

PKG_CONFIG_SYSROOT_DIR=$sysroot
PKG_CONFIG_LIBDIR=$sysroot/usr/lib/pkgconfig:$sysroot/usr/share/pkgconfig
PKG_CONFIG_SYSTEM_INCLUDE_PATH=/usr/include:$sysroot/usr/include
PKG_CONFIG_SYSTEM_LIBRARY_PATH=/usr/lib:/lib:$sysroot/usr/lib:$sysroot/lib
export PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_LIBDIR
export PKG_CONFIG_SYSTEM_INCLUDE_PATH PKG_CONFIG_SYSTEM_LIBRARY_PATH
exec pkgconf --personality="$root/share/pkgconfig/personality.d/x86_64-pc-calx.personality" "$@"
