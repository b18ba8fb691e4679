// SPDX-License-Identifier: MIT
// The program that Windows has noted for a kind of file or address.
#pragma once

#include <filesystem>

namespace koshin::desktop {

enum class Opened { files, addresses };
/// `kind`: ".html", or the scheme of addresses ("http"). Empty where no program is known.
std::filesystem::path opening_program(Opened what, const wchar_t* kind);

}  // namespace koshin::desktop
