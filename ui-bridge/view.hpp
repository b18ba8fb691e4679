// SPDX-License-Identifier: MIT
// The window in which a person sees the wizard. Wizard and application know nothing else of it: a page in the
// browser is one kind (page_view.hpp), and a window of a toolkit would be another.
#pragma once

#include <functional>
#include <memory>

#include "model.hpp"

namespace boost::asio {
class io_context;
}

namespace koshin::ui {

class Wizard;

/// What a window tells beside what the person does on it, which goes to the wizard. It is called from the
/// io_context's thread.
class ViewListener {
 public:
  virtual ~ViewListener() = default;
  /// Somebody is there: the window has come up, a key was pressed, a button clicked.
  virtual void person_acted() = 0;
  /// Nobody looks at the window any more: it was closed, or is being opened anew.
  virtual void left() = 0;
  /// It cannot be brought up, and nobody has seen it.
  virtual void failed() = 0;
};

class View {
 public:
  virtual ~View() = default;
  /// Brings the window up, once. Throws FailureError where that cannot even be tried; what goes wrong later,
  /// or is known to be in vain, is told by ViewListener::failed().
  virtual void open() = 0;
  /// The state from here on, also before open(). A window may leave out a state that another one follows.
  virtual void show(const Model& model) = 0;
  /// Takes the window away. What was shown last may stay on the screen.
  virtual void close() = 0;
  /// Somebody may be looking at it.
  virtual bool is_watched() const = 0;
};

/// Makes the window of a wizard; all of them outlive it.
using ViewFactory = std::function<std::unique_ptr<View>(boost::asio::io_context&, Wizard&, ViewListener&)>;

}  // namespace koshin::ui
