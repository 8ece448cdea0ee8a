using System.Globalization;
using System.Text.RegularExpressions;
using HybridMesh.Core;

namespace HybridMesh.Testing;

/// <summary>Reports as the probe script of Test-MeshPath prints them, for fake VMs and pods.</summary>
public static partial class FakeProbe
{
    /// <summary>The URL a script was made for.</summary>
    public static string UrlOf(string? script) => Value(script, "HM_URL");

    /// <summary>The report of curl that got an answer.</summary>
    public static CommandResult Answer(string? script, string body, int status = 200, string? hosts = null) =>
        Report(script, $"{(hosts is null ? "" : $"@:hosts {hosts}\n")}@:client curl\n@:begin\n{body}\n"
            + $"@:curl {status.ToString(CultureInfo.InvariantCulture)} 0.001 0.002 0.000 0.0125\n@:exit 0\n@:done\n");

    /// <summary>The report of curl that failed with an exit code, such as 6 or 7.</summary>
    public static CommandResult Failure(string? script, int exitCode, string error) =>
        Report(script, "@:client curl\n@:begin\n\n@:curl 000 0.000 0.000 0.000 0.001\n"
            + $"@:exit {exitCode.ToString(CultureInfo.InvariantCulture)}\n@:done\n", error);

    /// <summary>The report of a machine without any client.</summary>
    public static CommandResult NoClient(string? script) => Report(script, "@:client none\n@:done\n");

    private static CommandResult Report(string? script, string lines, string error = "")
    {
        string mark = Value(script, "HM_MARK");
        return new CommandResult(0, ("@:start\n" + lines).Replace("@:", mark + ":", StringComparison.Ordinal), error);
    }

    private static string Value(string? script, string name) =>
        Assignments().Matches(script ?? "").First(match => match.Groups[1].Value == name).Groups[2].Value;

    [GeneratedRegex("^(HM_[A-Z]+)='(.*)'$", RegexOptions.Multiline)]
    private static partial Regex Assignments();
}
