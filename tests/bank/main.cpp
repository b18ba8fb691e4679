// SPDX-License-Identifier: MIT
// koshin-bank: the stand-in bank as a program.
#include <CLI/CLI.hpp>
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>

#include "bank/bank.hpp"
#include "bank/ca.hpp"
#include "bank/wait_for_end.hpp"

namespace {

namespace bank = koshin::bank;

bank::Bytes read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& file, const bank::Bytes& bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
}

void add_init(CLI::App& app) {
  auto* command = app.add_subcommand("init", "make root and issuing authority");
  const auto directory = std::make_shared<std::string>();
  const auto key_type = std::make_shared<std::string>("ec");
  command->add_option("DIR", *directory)->required();
  command->add_option("--key-type", *key_type, "ec or rsa");
  command->callback([=] { bank::CertificateAuthority::create(*directory, *key_type); });
}

void add_issue(CLI::App& app) {
  auto* command = app.add_subcommand("issue", "certify a public key");
  struct Arguments {
    std::string directory, spki, out;
    bank::IssueOptions options;
  };
  const auto given = std::make_shared<Arguments>();
  command->add_option("DIR", given->directory)->required();
  command->add_option("--spki", given->spki, "SubjectPublicKeyInfo, DER")->required();
  command->add_option("--out", given->out, "where the certificate goes, DER")->required();
  command->add_option("--cn", given->options.common_name, "corporation ID, blank, user ID");
  command->add_option("--days", given->options.days, "until expiry");
  command->add_option("--not-before-days", given->options.not_before_days,
                      "begin of validity, relative to now");
  command->add_option("--san", given->options.san, "email:user@bank.example");
  command->callback([=] {
    write_file(given->out, bank::issue_certificate(given->directory, read_file(given->spki), given->options));
  });
}

void serve(const std::string& directory, const bank::Bank::Options& options) {
  const bank::EndOfServing end;  // before any thread is started, so that all of them leave the signals to it
  const bank::Bank running(directory, options);
  std::cout << R"(ready {"url":")" << running.url() << R"(","control":")" << running.control_url() << R"("})"
            << std::endl;
  end.wait();
}

void add_serve(CLI::App& app) {
  auto* command = app.add_subcommand("serve", "serve until SIGTERM or the end of standard input");
  struct Arguments {
    std::string directory;
    std::vector<std::string> switches;
    bank::Bank::Options options;
  };
  const auto given = std::make_shared<Arguments>();
  command->add_option("DIR", given->directory)->required();
  command->add_option("--port", given->options.port, "0: any free one");
  command->add_option("--control-port", given->options.control_port, "0: any free one");
  command->add_option("--tls-max", given->options.tls_max)->check(CLI::IsMember({"1.2", "1.3"}));
  command->add_option("--key-type", given->options.key_type, "of the TLS server")
      ->check(CLI::IsMember({"ec", "rsa"}));
  command->add_option("--switch", given->switches, "name=value");
  command->callback([=] {
    for (const auto& item : given->switches) {
      const auto equals = item.find('=');
      given->options.switches.emplace_back(item.substr(0, equals),
                                           equals == std::string::npos ? "1" : item.substr(equals + 1));
    }
    serve(given->directory, given->options);
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The stand-in bank: certificate authority, EST, log-in and re-issue desk for tests");
  app.require_subcommand(1);
  add_init(app);
  add_issue(app);
  add_serve(app);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::cerr << "koshin-bank: " << error.what() << '\n';
    return 1;
  }
}
