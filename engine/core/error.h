#pragma once

#include "decomp/error.h"
