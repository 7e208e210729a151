// How a listing looks: one formatter for each ListFormat.
#pragma once

#include <boost/filesystem/path.hpp>
#include <memory>
#include <string>

#include "listing/walk.hpp"
#include "ream/listing.hpp"

namespace ream {

// Each call appends to `out`.
class Formatter {
 public:
  virtual ~Formatter() = default;
  virtual void begin(std::string& /*out*/) {}
  virtual void append(const TreeWalk& walk, std::string& out) = 0;
  virtual void end(std::string& /*out*/) {}
};

std::unique_ptr<Formatter> make_formatter(const boost::filesystem::path& directory,
                                          const ListOptions& options);

}  // namespace ream
