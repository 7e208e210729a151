#include "os/private_fd.hpp"

namespace ream::os {

namespace {

constinit std::mutex mutex;
PrivateFd* first = nullptr;

}  // namespace

PrivateFd::PrivateFd(Fd fd) noexcept : PrivateFd(std::move(fd), lock_private_descriptors()) {}

PrivateFd::PrivateFd(Fd fd, const PrivateDescriptorsLock&) noexcept : fd_(std::move(fd)) {
  if (fd_) enlist();
}

PrivateFd& PrivateFd::operator=(PrivateFd&& other) noexcept {
  if (this == &other) return *this;
  reset();
  take(other);
  return *this;
}

// Under one lock: a child that is forked in between would keep it.
void PrivateFd::take(PrivateFd& other) noexcept {
  const auto lock = lock_private_descriptors();
  fd_ = other.delist();
  if (fd_) enlist();
}

void PrivateFd::reset() noexcept {
  const auto lock = lock_private_descriptors();
  delist().reset();
}

Fd PrivateFd::release() noexcept {
  const auto lock = lock_private_descriptors();
  return delist();
}

void PrivateFd::enlist() noexcept {
  generation_ = current_generation_;
  previous_ = nullptr;
  next_ = first;
  if (first != nullptr) first->previous_ = this;
  first = this;
}

Fd PrivateFd::delist() noexcept {
  if (!is_of_this_process()) fd_.release();  // closed, and its number may be another's by now
  if (!fd_) return {};
  (previous_ != nullptr ? previous_->next_ : first) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  return std::move(fd_);
}

PrivateDescriptorsLock lock_private_descriptors() {
  return std::unique_lock(mutex);
}

void close_private_descriptors(int kept) noexcept {
  const auto lock = lock_private_descriptors();
  DescriptorList descriptors;
  PrivateFd* keeper = nullptr;
  for (auto* listed = first; listed != nullptr; listed = listed->next_) {
    if (listed->get() == kept) {
      keeper = listed;
    } else {
      descriptors.push_back(listed->get());
    }
  }
  first = nullptr;
  ++PrivateFd::current_generation_;
  if (keeper != nullptr) keeper->enlist();
  close_all(descriptors);
}

}  // namespace ream::os
