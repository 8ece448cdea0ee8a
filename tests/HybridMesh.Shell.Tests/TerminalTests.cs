namespace HybridMesh.Shell.Tests;

public sealed class TerminalTests
{
    private const string ProgressScript =
        "$p = [Management.Automation.ProgressRecord]::new(0, 'Measuring', 'half'); $p.PercentComplete = 50; "
        + "$Host.UI.WriteProgress(1, $p); 'line'; $p.RecordType = 'Completed'; $Host.UI.WriteProgress(1, $p)";

    private static readonly Dictionary<string, string?> Plain = new() { ["NO_COLOR"] = "1", ["TERM"] = "xterm" };
    private static readonly Dictionary<string, string?> Coloured = new() { ["NO_COLOR"] = null, ["TERM"] = "xterm" };

    [Fact]
    public async Task Terminal_ShowsColours_ButNotWithNoColor()
    {
        Assert.Contains("\e[", await OutputAsync(Coloured, "[pscustomobject]@{ Alpha = 1 }"), StringComparison.Ordinal);
        Assert.DoesNotContain("\e[3", await OutputAsync(Plain, "[pscustomobject]@{ Alpha = 1 }"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_AreRedOnATerminal()
    {
        Assert.Contains("\e[31;1mbroken\e[0m", await OutputAsync(Coloured, "throw 'broken'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_IsOneLineThatMakesWay()
    {
        // The carriage return before the erasing sequence arrives here as the end of a line.
        Assert.Contains(
            "Measuring:  50% half\n\e[Kline", await OutputAsync(Coloured, ProgressScript), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_IsNothingInAPipe()
    {
        Assert.Equal("line\n", (await ShellProcess.RunAsync("--no-module", "-Command", ProgressScript)).Output);
    }

    [Fact]
    public async Task Questions_AreAskedUntilAnswered()
    {
        using ShellProcess shell = ShellProcess.StartOnTerminal(
            Plain, "--no-module", "-Command",
            "'ready'; $Host.UI.PromptForChoice('Remove?', 'VM vm1', [Management.Automation.Host.ChoiceDescription[]]@('&Yes', '&No'), 0)");
        await shell.WaitForOutputAsync("VM vm1");
        await shell.Input.WriteAsync("x\rn\r");
        await shell.Input.FlushAsync();

        ShellResult result = await shell.WaitAsync();

        Assert.Contains("[Y] Yes  [N] No (default is \"Y\"):", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n1\s*$", result.Output);
    }

    private static async Task<string> OutputAsync(Dictionary<string, string?> environment, string command)
    {
        using ShellProcess shell = ShellProcess.StartOnTerminal(environment, "--no-module", "-Command", command);
        return (await shell.WaitAsync()).Output;
    }
}
