using System.Diagnostics;

namespace HybridMesh.Testing;

/// <summary>How a command of the operating system ended.</summary>
public sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    /// <summary>The longest any command of a test may take.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Its standard output without the end of the last line; throws when the command failed.</summary>
    public string Text => ExitCode == 0
        ? Output.TrimEnd('\n')
        : throw new InvalidOperationException($"Exit code {ExitCode}: {Error}{Output}");

    public static async Task<ProcessResult> RunAsync(string file, IEnumerable<string> arguments, string? input = null)
    {
        using CancellationTokenSource limit = new(Limit);
        using Process process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new ProcessResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{file} {string.Join(' ', arguments)}' took longer than {Limit}.", e);
        }
    }
}
