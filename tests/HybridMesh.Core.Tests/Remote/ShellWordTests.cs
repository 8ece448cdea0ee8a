using System.Diagnostics;

namespace HybridMesh.Core.Tests;

public sealed class ShellWordTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("it's \"quoted\" `x` $(id) $HOME \\ ! * ? ; & | # ~ {a,b}")]
    [InlineData("two\nlines\n")]
    [InlineData("''")]
    [InlineData("Adióbais\t")]
    public void Quote_AnyText_IsTakenLiterallyByARealShell(string text)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"printf %s {ShellWord.Quote(text)}"])
        {
            RedirectStandardOutput = true,
        })!;
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();

        Assert.Equal(text, output);
    }

    [Fact]
    public void Quote_Nul_IsArgumentInvalid()
    {
        Assert.Equal(MeshErrorCode.ArgumentInvalid, Assert.Throws<MeshException>(() => ShellWord.Quote("a\0b")).Code);
    }
}
