// SPDX-License-Identifier: MIT
// Readers by what the kernel says of USB devices.
#include <gmock/gmock.h>

#include <fstream>

#include "desk_check/checks.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

class UsbReaders : public testing::Test {
 protected:
  void write(const fs::path& file, const std::string& line) {
    const fs::path place = folder_.path() / "usb/devices" / file;
    fs::create_directories(place.parent_path());
    std::ofstream(place) << line << "\n";
  }
  test::TemporaryDirectory folder_;
};

TEST_F(UsbReaders, AreDevicesWithAnInterfaceOfThatClass) {
  write("1-2/product", "Yubikey 4 CCID");
  write("1-2:1.0/bInterfaceClass", "0b");
  write("1-3/product", "Keyboard");
  write("1-3:1.0/bInterfaceClass", "03");
  write("1-4/idVendor", "096e");
  write("1-4/idProduct", "0507");
  write("1-4:1.1/bInterfaceClass", "0b");
  EXPECT_THAT(usb_readers(folder_.path()), Optional(ElementsAre("096e:0507", "Yubikey 4 CCID")));
}

TEST_F(UsbReaders, AreNoneWhereTheKernelShowsNoDevices) {
  EXPECT_THAT(usb_readers(folder_.path()), Optional(IsEmpty()));
}

TEST_F(UsbReaders, AreUnknownWhereTheSystemShowsNoBuses) {
  EXPECT_EQ(usb_readers(folder_.path() / "absent"), std::nullopt);
}

}  // namespace
}  // namespace koshin::desk_check
