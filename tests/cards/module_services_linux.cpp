// SPDX-License-Identifier: MIT
// swtpm and pkcsslotd.
#include "module_services.hpp"

#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <variant>

#include "foundation/system/process_tree.hpp"
#include "module_stage.hpp"

namespace koshin::cards {
namespace {

namespace fs = std::filesystem;

constexpr const char* pkcs11_tool = "/usr/bin/pkcs11-tool";
constexpr const char* dbus_daemon = "/usr/bin/dbus-daemon";
constexpr const char* resource_manager = "/usr/sbin/tpm2-abrmd";
constexpr const char* slot_manager = "/usr/sbin/pkcsslotd";
constexpr const char* slot_manager_socket = "/run/pkcsslotd.socket";
constexpr const char *token_folder = "lib/swtok", *token_data = "NVTOK.DAT", *kept_folder = "kept",
                     *objects_index = "TOK_OBJ/OBJ.IDX";
/// Where NVTOK.DAT has the name of the next object's file: behind the token's description and two digests of
/// PINs.
constexpr std::streamoff next_name_at = 208;
constexpr std::size_t name_length = 8;
constexpr const char *shared_memory = "/dev/shm/var.lib.opencryptoki.swtok",
                     *shared_memory_lock = "/dev/shm/koshin-test-opencryptoki.lock";

void run(const char* program, const std::vector<std::string>& arguments) {
  const auto child = ChildProcess::start(program, arguments, {.keep_errors = true});
  const auto ended = child->wait_until(std::chrono::steady_clock::now() + std::chrono::seconds{30});
  if (!ended || ended->crashed || ended->code != 0)
    throw std::runtime_error(std::string(program) + ": " + child->errors());
}

void wait_for(const fs::path& file) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!fs::exists(file)) {
    if (std::chrono::steady_clock::now() > until) throw std::runtime_error(file.string() + " does not come");
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

/// Until somebody on the session bus has this name.
void wait_for_name(const std::string& name) {
  run("/usr/bin/gdbus", {"wait", "--session", "--timeout", "20", name});
}

void show_in_place_of(const fs::path& folder, const char* place) {
  fs::create_directories(folder);
  if (mount(folder.c_str(), place, nullptr, MS_BIND, nullptr) != 0)
    throw std::runtime_error(std::string("cannot mount over ") + place);
}

std::unique_ptr<FileLock> wait_for_lock(const fs::path& file) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes{5};
  while (true) {
    auto outcome = FileLock::acquire(file);
    if (auto* lock = std::get_if<std::unique_ptr<FileLock>>(&outcome)) return std::move(*lock);
    if (std::chrono::steady_clock::now() > until) throw std::runtime_error(file.string() + " is held");
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

/// opencryptoki asks that what is below its folders belongs to the group of its users.
void give_to_users(const fs::path& root) {
  const group* const users = getgrnam("pkcs11");
  if (users == nullptr) throw std::runtime_error("there is no group pkcs11");
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (chown(entry.path().c_str(), 0, users->gr_gid) != 0)
      throw std::runtime_error("chown " + entry.path().string());
    fs::permissions(entry.path(), fs::perms::owner_all | fs::perms::group_all);
  }
}

/// Whether an object has the name that the token's data have for the next one, which will be written over it.
bool gives_a_name_again(const fs::path& token) {
  std::string next(name_length, '\0');
  std::ifstream data(token / token_data, std::ios::binary);
  if (!data.seekg(next_name_at).read(next.data(), name_length))
    throw std::runtime_error((token / token_data).string() + " cannot be read");
  std::ifstream index(token / objects_index);
  for (std::string name; std::getline(index, name);)
    if (name == next) return true;
  return false;
}

}  // namespace

fs::path SoftwareTpm::module() {
  const auto found = first_there({"/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so",
                                  "/usr/lib/aarch64-linux-gnu/pkcs11/libtpm2_pkcs11.so"});
  const auto to_tpm = first_there({"/usr/lib/x86_64-linux-gnu/libtss2-tcti-swtpm.so.0",
                                   "/usr/lib/aarch64-linux-gnu/libtss2-tcti-swtpm.so.0"});
  const auto to_manager = first_there({"/usr/lib/x86_64-linux-gnu/libtss2-tcti-tabrmd.so.0",
                                       "/usr/lib/aarch64-linux-gnu/libtss2-tcti-tabrmd.so.0"});
  const bool whole = !to_tpm.empty() && !to_manager.empty() && fs::exists("/usr/bin/swtpm") &&
                     fs::exists(resource_manager) && fs::exists(dbus_daemon) && fs::exists(pkcs11_tool);
  return whole ? found : fs::path();
}

SoftwareTpm::SoftwareTpm(const fs::path& directory, const std::string& label, const std::string& pin) {
  fs::create_directories(directory / "state");
  fs::create_directories(directory / "store");
  const fs::path socket = directory / "tpm", control = directory / "tpm.ctrl";  // the TCTI adds ".ctrl"
  tpm_ =
      ChildProcess::start("/usr/bin/swtpm",
                          {"socket", "--tpm2", "--tpmstate", "dir=" + (directory / "state").string(),
                           "--server", "type=unixio,path=" + socket.string(), "--ctrl",
                           "type=unixio,path=" + control.string(), "--flags", "not-need-init,startup-clear"},
                          {.keep_errors = true});
  wait_for(socket);
  wait_for(control);
  const fs::path bus = directory / "bus";
  bus_ = ChildProcess::start(dbus_daemon,
                             {"--session", "--nofork", "--nopidfile", "--address=unix:path=" + bus.string()},
                             {.keep_errors = true});
  wait_for(bus);
  environment_ = std::make_unique<test::ScopedEnvironment>(
      std::map<std::string, std::string>{{"DBUS_SESSION_BUS_ADDRESS", "unix:path=" + bus.string()},
                                         {"TPM2_PKCS11_TCTI", "tabrmd:bus_type=session"},
                                         {"TPM2_PKCS11_STORE", (directory / "store").string()},
                                         {"TSS2_LOG", "all+NONE"}});
  manager_ = ChildProcess::start(resource_manager,
                                 {"--session", "--allow-root", "--tcti=swtpm:path=" + socket.string()},
                                 {.keep_errors = true});
  wait_for_name("com.intel.tss2.Tabrmd");
  const std::string so_pin = "so123456";
  // Its first slot is number 1.
  run(pkcs11_tool,
      {"--module", module(), "--slot", "1", "--init-token", "--label", label, "--so-pin", so_pin});
  run(pkcs11_tool, {"--module", module(), "--slot", "1", "--login", "--login-type", "so", "--so-pin", so_pin,
                    "--init-pin", "--new-pin", pin});
}

fs::path OpenCryptoki::module() {
  const auto found = first_there({"/usr/lib/x86_64-linux-gnu/pkcs11/libopencryptoki.so",
                                  "/usr/lib/aarch64-linux-gnu/pkcs11/libopencryptoki.so"});
  return fs::exists(slot_manager) && fs::exists(pkcs11_tool) ? found : fs::path();
}

bool OpenCryptoki::separate() {
  return unshare(CLONE_NEWNS | CLONE_NEWIPC) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

OpenCryptoki::OpenCryptoki(const fs::path& directory, const std::string& label, const std::string& pin)
    : directory_(directory), shared_memory_(wait_for_lock(shared_memory_lock)) {
  fs::remove(shared_memory);
  const fs::path lib = directory / "lib", etc = directory / "etc", now = directory / "run",
                 log = directory / "log";
  for (const fs::path& folder :
       {lib / "swtok/TOK_OBJ", etc, now / "lock/opencryptoki/swtok", log / "opencryptoki"})
    fs::create_directories(folder);
  for (const fs::path& root : {lib, now / "lock", log}) give_to_users(root);
  std::ofstream(etc / "opencryptoki.conf")
      << "version opencryptoki-3.1\nslot 0\n{\nstdll = libpkcs11_sw.so\n}\n";
  show_in_place_of(lib, "/var/lib/opencryptoki");
  show_in_place_of(etc, "/etc/opencryptoki");
  show_in_place_of(log, "/var/log");
  show_in_place_of(now, "/run");
  process_tree::adopt_orphans();
  run(slot_manager, {});
  wait_for(slot_manager_socket);
  const std::string so_pin_of_all = "87654321", so_pin = "76543210";
  run(pkcs11_tool,
      {"--module", module(), "--slot", "0", "--init-token", "--label", label, "--so-pin", so_pin_of_all});
  run(pkcs11_tool, {"--module", module(), "--slot", "0", "--login", "--login-type", "so", "--so-pin",
                    so_pin_of_all, "--change-pin", "--new-pin", so_pin});
  run(pkcs11_tool, {"--module", module(), "--slot", "0", "--login", "--login-type", "so", "--so-pin", so_pin,
                    "--init-pin", "--new-pin", pin});
}

void OpenCryptoki::keep() const {
  fs::remove_all(directory_ / kept_folder);
  fs::copy(directory_ / token_folder, directory_ / kept_folder, fs::copy_options::recursive);
}

bool OpenCryptoki::put_back() const {
  const fs::path token = directory_ / token_folder;
  if (fs::file_size(token / token_data) > 0 && !gives_a_name_again(token)) return false;
  fs::remove_all(token);
  fs::copy(directory_ / kept_folder, token, fs::copy_options::recursive);
  give_to_users(token);
  fs::remove(shared_memory);
  return true;
}

OpenCryptoki::~OpenCryptoki() {
  process_tree::end_children();
  fs::remove(shared_memory);
}

}  // namespace koshin::cards
