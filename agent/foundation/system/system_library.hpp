// SPDX-License-Identifier: MIT
// A shared library of the system that is loaded when it is first needed, and stays.
#pragma once

namespace koshin {

class SystemLibrary {
 public:
  enum class Binding { now, lazy };
  /// `file` is the name the loader knows it by, with the version of its interface ("libcurl.so.4"). Throws
  /// FailureError{internal_error} when it is not installed.
  SystemLibrary(const char* file, Binding binding);

  /// Throws FailureError{internal_error} when the library has no such function.
  template <typename Function>
  void find(const char* name, Function& function) const {
    function = reinterpret_cast<Function>(symbol(name));
  }

 private:
  void* symbol(const char* name) const;

  const char* file_;
  void* handle_;
};

}  // namespace koshin
