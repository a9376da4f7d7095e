#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace decomp {

// SHA-256 as 64 lower-case hex digits (OpenSSL EVP).
std::string sha256(std::string_view bytes);

// HMAC-SHA-256 in the same form: only who knows `secret` can make it.
std::string hmac_sha256(std::string_view secret, std::string_view bytes);

// `count` bytes from the system's entropy (getrandom). Throws Error(infrastructure).
std::string random_bytes(std::size_t count);

}  // namespace decomp
