// SPDX-License-Identifier: MIT
// The window that shows the wizard. Wizard and application know no more about it: a page in the browser is
// one kind (page_view.hpp), a toolkit's window would be another.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "foundation/base/language.hpp"
#include "model.hpp"
#include "page_address.hpp"

namespace boost::asio {
class io_context;
}

namespace koshin::ui {

class Wizard;

/// Events of a window other than the person's actions, which go to the wizard. Called from the io_context's
/// thread.
class ViewListener {
 public:
  virtual ~ViewListener() = default;
  /// A person is present: the window has opened, a key was pressed, a button clicked.
  virtual void person_acted() = 0;
  /// The window was closed, or is being reloaded.
  virtual void left() = 0;
  /// The window cannot be opened, and was never seen.
  virtual void failed() = 0;
};

/// What a person is told where there can be no window.
struct Notice {
  Language language{};
  std::string title, text;
};

class View {
 public:
  virtual ~View() = default;
  /// Opens the window, once. Throws FailureError when that cannot be attempted; later failures are reported
  /// by ViewListener::failed().
  virtual void open() = 0;
  /// Shows the open window to the person again, as it is. The result is for the koshin-ui that was started
  /// meanwhile: the address with which it starts the browser; empty for a window that comes by itself.
  virtual PageAddress show_again() = 0;
  /// Shows this, as far as it can, in place of the window, which is not opened then. It stays when this
  /// program ends.
  virtual void show_instead(const Notice& notice) = 0;
  /// Sets the state, also before open(). A window may skip a state that another one follows.
  virtual void show(const Model& model) = 0;
  /// Closes the window. Its last content may stay on the screen.
  virtual void close() = 0;
  /// Whether a person may be looking at the window.
  virtual bool is_watched() const = 0;
};

/// Makes the window of a wizard; the arguments outlive it.
using ViewFactory = std::function<std::unique_ptr<View>(boost::asio::io_context&, Wizard&, ViewListener&)>;

}  // namespace koshin::ui
