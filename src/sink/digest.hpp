// SHA-256 by OpenSSL's libcrypto, which uses the processor's SHA instructions where it has them.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <new>
#include <string_view>

#include "ream/file_job.hpp"

namespace ream::sink {

class Sha256Digest {
 public:
  Sha256Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
      throw std::bad_alloc();
    }
  }

  void update(std::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }

  Sha256 finish() {
    Sha256 digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return digest;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace ream::sink
