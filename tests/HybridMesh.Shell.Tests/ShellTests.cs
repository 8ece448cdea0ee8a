using System.Diagnostics;

namespace HybridMesh.Shell.Tests;

public sealed class ShellTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hybridmesh-shell-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Script_GetsItsFolderNamedAndPositionalArguments()
    {
        string script = Write("""
            param([string]$Name, [switch]$Loud, [switch]$Quiet, [int]$Count, $Rest)
            "$Name|$Loud|$Quiet|$($Count + 1)|$Rest|$PSScriptRoot"
            """);

        ShellResult result = await ShellProcess.RunAsync(script, "-Name", "it's", "-Loud", "-Quiet:$false", "-Count", "4", "last one");

        Assert.Equal($"it's|True|False|5|last one|{_folder.FullName}\n", result.Output);
        Assert.Equal("", result.Errors);
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("'a'", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("exit 0", 0)]
    [InlineData("throw 'x'", 1)]
    [InlineData("if (", 1)]
    [InlineData("$ErrorActionPreference = 'Stop'; [int]::Parse('x'); exit 0", 1)]
    [InlineData("try { throw 'x' } catch { exit 4 }", 4)]
    public async Task Script_EndsWith_ItsExitCode(string body, int expected)
    {
        Assert.Equal(expected, (await ShellProcess.RunAsync("--no-module", Write(body))).ExitCode);
    }

    [Theory]
    [InlineData("'a'", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("throw 'x'", 1)]
    [InlineData("Get-Nothing", 1)]
    [InlineData("Get-Nothing; 'went on'", 0)]
    public async Task Command_EndsWith_ItsExitCode(string command, int expected)
    {
        Assert.Equal(expected, (await ShellProcess.RunAsync("--no-module", "-Command", command)).ExitCode);
    }

    [Fact]
    public async Task Module_IsLoaded_AndItsTablesArePlainInAPipe()
    {
        ShellResult result = await ShellProcess.RunAsync(
            "-Command", "[HybridMesh.Core.MeshVm]@{ Name = 'vm1'; Address = '10.0.0.1'; Version = 'v1' }");

        Assert.Equal(
            """

            Name Address  SshHost  SshPort User Version Labels
            ---- -------  -------  ------- ---- ------- ------
            vm1  10.0.0.1 10.0.0.1 22           v1


            """,
            TrimLines(result.Output));
        Assert.Equal("", result.Errors);
    }

    [Fact]
    public async Task Kinds_AfterEachOther_EachHaveTheirOwnTable()
    {
        ShellResult result = await ShellProcess.RunAsync(
            "-Command",
            "'1'; [pscustomobject]@{ A = 1 }; [pscustomobject]@{ A = 2 }; '2'; [HybridMesh.Core.MeshVm]@{ Name = 'vm1'; Address = '10.0.0.1' }");

        Assert.Equal(
            """
            1

            A
            -
            1
            2

            2

            Name Address  SshHost  SshPort User Version Labels
            ---- -------  -------  ------- ---- ------- ------
            vm1  10.0.0.1 10.0.0.1 22


            """,
            TrimLines(result.Output));
    }

    [Fact]
    public async Task Module_Missing_SaysWhere()
    {
        ShellResult result = await ShellProcess.RunAsync("--module", "/nowhere/HybridMesh.psd1", "-Command", "1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("/nowhere/HybridMesh.psd1", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_SayWhatWhereAndId_OnStandardError()
    {
        string script = Write("'before'\n[int]::Parse('x')\n[pscustomobject]@{ A = 1 }");

        ShellResult result = await ShellProcess.RunAsync("--no-module", script);

        Assert.StartsWith("before\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("A\n-\n1", result.Output, StringComparison.Ordinal);
        Assert.Contains("'x' was not in a correct format.", result.Errors, StringComparison.Ordinal);
        Assert.Contains("[NotSpecified: FormatException, script.ps1 line 2]", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScriptThatIsMissing_IsNamed()
    {
        ShellResult result = await ShellProcess.RunAsync("missing.ps1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("'missing.ps1'", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownOption_ShowsUsage()
    {
        ShellResult result = await ShellProcess.RunAsync("--bogus");

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("HybridMesh.Shell [options] script.ps1", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$Host.UI.ReadLine()")]
    [InlineData("$Host.UI.PromptForChoice('cap', 'sure?', [Management.Automation.Host.ChoiceDescription[]]@('&Yes', '&No'), 0)")]
    [InlineData("$Host.UI.ReadLineAsSecureString()")]
    public async Task Questions_WithoutATerminal_FailAtOnceAndSaySo(string command)
    {
        ShellResult result = await ShellProcess.RunAsync("--no-module", "-Command", command);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("standard input is no terminal", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModulePath_IsLeftAsItWas()
    {
        string? before = Environment.GetEnvironmentVariable("PSModulePath");

        ShellResult result = await ShellProcess.RunAsync("-Command", "\"[$env:PSModulePath]\"");

        Assert.Equal($"[{before}]\n", result.Output);
    }

    [Theory]
    [InlineData("'started'; while ($true) { }")]
    [InlineData("'started'; [Threading.Thread]::Sleep(60000)")]
    public async Task Interrupt_EndsWithinASecondWith130(string command)
    {
        using ShellProcess shell = ShellProcess.Start("--no-module", "-Command", command);
        await shell.WaitForOutputAsync("started");
        Stopwatch watch = Stopwatch.StartNew();

        shell.SendInterrupt();
        ShellResult result = await shell.WaitAsync();

        Assert.Equal(130, result.ExitCode);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
        Assert.Equal("started\n", result.Output);
    }

    [Fact]
    public async Task Input_IsRunStatementByStatement()
    {
        using ShellProcess shell = ShellProcess.Start("--no-module");
        await shell.Input.WriteAsync("$a = 41\nif ($a) {\n  $a + 1\n}\nthrow 'x'\n'still here'\nexit 5\n'not reached'\n");

        ShellResult result = await shell.EndAsync();

        Assert.Equal("42\nstill here\n", result.Output);
        Assert.Equal(5, result.ExitCode);
    }

    private static string TrimLines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.TrimEnd()));

    private string Write(string body)
    {
        string path = Path.Combine(_folder.FullName, "script.ps1");
        File.WriteAllText(path, body);
        return path;
    }
}
