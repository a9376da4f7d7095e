#pragma once
#include "core/memfd.h"
