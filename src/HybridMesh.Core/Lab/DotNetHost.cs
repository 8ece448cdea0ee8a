using System.Diagnostics;

namespace HybridMesh.Core;

/// <summary>The .NET host that runs the lab, which needs a newer runtime than PowerShell brings.</summary>
internal static class DotNetHost
{
    private const string Needed = "Microsoft.AspNetCore.App 10.";

    private const string Remedy =
        "install the ASP.NET Core 10 runtime or the .NET 10 SDK (https://dotnet.microsoft.com/download/dotnet/10.0) "
        + "and have 'dotnet' on PATH or DOTNET_ROOT set";

    /// <summary>$DOTNET_ROOT's executable, else the one on PATH.</summary>
    public static string Find()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string? root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        string chosen = root is null ? "" : Path.Combine(root, name);
        return File.Exists(chosen) ? chosen : name;
    }

    /// <summary>Makes sure of the runtime, whose absence the lab itself could not report.</summary>
    public static async Task CheckAsync(CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(Find(), "--list-runtimes")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string runtimes = "";
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
            runtimes = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await error.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new MeshException(
                MeshErrorCode.LabUnsupported, $"The lab needs .NET, and 'dotnet' was not found: {Remedy}.", null, e);
        }

        if (!runtimes.Contains(Needed, StringComparison.Ordinal))
        {
            throw new MeshException(
                MeshErrorCode.LabUnsupported, $"The lab needs ASP.NET Core 10, which this machine lacks: {Remedy}.");
        }
    }
}
