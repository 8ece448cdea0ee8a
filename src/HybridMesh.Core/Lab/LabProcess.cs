using System.Diagnostics;
using System.Globalization;

namespace HybridMesh.Core;

/// <summary>The start of one lab process.</summary>
internal sealed class LabProcess
{
    /// <summary>The exit code by which the lab says that it can't run on this machine.</summary>
    private const int Unsupported = 3;

    private const string SetSid = "/usr/bin/setsid";
    private readonly string _program;
    private readonly string _folder;
    private readonly ProcessStartInfo _start;

    public LabProcess(string program, string folder, LabRequest request)
    {
        _program = program;
        _folder = folder;
        List<string> command =
        [
            DotNetHost.Find(), program, "start", "--path", folder,
            "--vms", (request.VmCount ?? 3).ToString(CultureInfo.InvariantCulture),
            "--parent-pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        ];
        if (request.Detached)
        {
            command.Add("--detached");
        }

        // A session of its own: Ctrl+C at the user's terminal is for a cmdlet, not for the lab.
        if (File.Exists(SetSid))
        {
            command.Insert(0, SetSid);
        }

        _start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    public string CommandLine => $"{_start.FileName} {string.Join(' ', _start.ArgumentList)}";

    /// <summary>Returns when the lab says that everything in it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_program))
        {
            throw new MeshException(
                MeshErrorCode.LabStartFailed,
                $"The lab has not been built: '{_program}' is missing. "
                    + "Run ./build.sh build (or build.ps1 -Task Build).",
                _program);
        }

        await DotNetHost.CheckAsync(cancellationToken).ConfigureAwait(false);
        Process process = Start();
        try
        {
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
            while (await process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                if (line.StartsWith("ready ", StringComparison.Ordinal))
                {
                    return;
                }
            }

            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            throw Failure(process.ExitCode, await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Whatever it has started ends with it.
            process.Kill();
            throw;
        }
    }

    private Process Start()
    {
        try
        {
            return Process.Start(_start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new MeshException(
                MeshErrorCode.LabUnsupported, $"'{_start.FileName}' can't be run: {e.Message}", _folder, e);
        }
    }

    private MeshException Failure(int exitCode, string text) => exitCode == Unsupported
        ? new MeshException(MeshErrorCode.LabUnsupported, text.Trim(), _folder)
        : new MeshException(
            MeshErrorCode.LabStartFailed,
            $"The lab in '{_folder}' did not start (exit code {exitCode}): {text.Trim()}",
            _folder);
}
