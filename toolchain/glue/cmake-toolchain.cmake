# SPDX-License-Identifier: MIT
# CMake toolchain file of Calx. Finds its tools beside itself, wherever the tree was copied.

set(CMAKE_SYSTEM_NAME Calx)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CALX_TARGET x86_64-pc-calx)

# <root>/share/calx/cmake-toolchain.cmake
get_filename_component(CALX_ROOT "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
set(CALX_BIN "${CALX_ROOT}/bin/${CALX_TARGET}-")

set(CMAKE_C_COMPILER "${CALX_BIN}gcc")
set(CMAKE_CXX_COMPILER "${CALX_BIN}g++")
set(CMAKE_ASM_COMPILER "${CALX_BIN}gcc")
set(CMAKE_AR "${CALX_BIN}ar" CACHE FILEPATH "archiver")
set(CMAKE_RANLIB "${CALX_BIN}ranlib" CACHE FILEPATH "archive indexer")
set(PKG_CONFIG_EXECUTABLE "${CALX_BIN}pkg-config" CACHE FILEPATH "pkg-config of the target")

set(CMAKE_SYSROOT "${CALX_ROOT}/${CALX_TARGET}/sysroot")
set(CMAKE_FIND_ROOT_PATH "${CMAKE_SYSROOT}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Libraries of ports are shared; archives are position-independent, because programs are.
set(BUILD_SHARED_LIBS ON CACHE BOOL "libraries of Calx are shared")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}/cmake")
