namespace HybridMesh.Core.Tests;

public sealed class DriftCommandsTests
{
    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("it\u2019s", "'it\u2019\u2019s'")]
    [InlineData("$x `n \"q\"", "'$x `n \"q\"'")]
    public void Quote_IsLiteralToPowerShell(string text, string quoted) => Assert.Equal(quoted, PowerShellText.Quote(text));

    [Fact]
    public void Vm_NamesAllItTakesAndNothingElse()
    {
        MeshVm plain = new() { Name = "vm1", Address = "10.0.0.1" };
        MeshVm full = plain with
        {
            SshHost = "jump's",
            SshPort = 2222,
            User = "root",
            KeyFile = "/k",
            KnownHostsFile = "/h",
            Version = "v1",
            Network = "n",
            Labels = new Dictionary<string, string> { ["a"] = "b" },
            Weight = 5,
        };

        Assert.Equal("@{ Name = 'vm1'; Address = '10.0.0.1' }", DriftCommands.Vm(plain));
        Assert.Equal(
            "@{ Name = 'vm1'; Address = '10.0.0.1'; SshHost = 'jump''s'; SshPort = 2222; User = 'root'; KeyFile = '/k'; "
            + "KnownHostsFile = '/h'; Version = 'v1'; Labels = @{ 'a' = 'b' }; Network = 'n'; Weight = 5 }",
            DriftCommands.Vm(full));
    }

    [Fact]
    public void RunVersion_ReplacesTheVersionAsAWord()
    {
        string command = DriftCommands.RunVersion(new MeshVm { Name = "a", Address = "10.0.0.1" }, "v1", "v2");

        Assert.Contains("-creplace '(?<![A-Za-z0-9])v1(?![A-Za-z0-9])', 'v2'", command, StringComparison.Ordinal);
    }
}
