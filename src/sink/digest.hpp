// SHA-256 by OpenSSL's libcrypto, which uses the processor's SHA instructions where it has them.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <new>
#include <string_view>

#include "ream/file_job.hpp"

namespace ream::sink {

// Of one content after the other.
class Sha256Digest {
 public:
  Sha256Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    if (!context_ || !begin()) throw std::bad_alloc();
  }

  void update(std::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }

  // Of what was given to update() since the last one.
  Sha256 finish() {
    Sha256 digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    begin();
    return digest;
  }

 private:
  // Looked up once: that takes longer than the digest of a small file.
  static const EVP_MD* algorithm() {
    static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return sha256;
  }
  bool begin() { return EVP_DigestInit_ex(context_.get(), algorithm(), nullptr) == 1; }

  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace ream::sink
