using System.Diagnostics;
using Xunit;

namespace HybridMesh.Lab.Tests;

public sealed class ShellTextTests
{
    [Theory]
    [InlineData("/tmp/lab/data-plane.kubeconfig")]
    [InlineData("/tmp/my lab/keys/id_ed25519")]
    [InlineData("/tmp/it's $(id) \"here\"")]
    [InlineData("")]
    public void A_shell_reads_back_the_word(string text)
    {
        ProcessStartInfo start = new("sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"printf '%s|' {ShellText.Word(text)}");
        using Process shell = Process.Start(start)!;
        Assert.Equal(text + "|", shell.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void A_plain_path_stays_as_it_is() => Assert.Equal("/tmp/a-b_c.d", ShellText.Word("/tmp/a-b_c.d"));

    [Fact]
    public void A_file_with_a_space_is_quoted_for_ssh_too() =>
        Assert.Equal(
            "'UserKnownHostsFile=\"/my lab/known_hosts\"'",
            ShellText.SshFileOption("UserKnownHostsFile", "/my lab/known_hosts"));
}
