using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace HybridMesh.Shell.Tests;

/// <summary>What a run of the Shell left.</summary>
internal sealed record ShellResult(int ExitCode, string Output, string Errors, TimeSpan Elapsed);

/// <summary>A run of the Shell as a process of its own.</summary>
internal sealed partial class ShellProcess : IDisposable
{
    private const int Interrupt = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private ShellProcess(string program, IEnumerable<string> arguments, IDictionary<string, string?>? environment)
    {
        ProcessStartInfo start = new(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static string Program { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "HybridMesh.Shell.exe" : "HybridMesh.Shell");

    public TextWriter Input => _process.StandardInput;

    public static ShellProcess Start(params string[] arguments) => new(Program, arguments, null);

    /// <summary>Starts it on a terminal of its own, as util-linux's script makes one.</summary>
    public static ShellProcess StartOnTerminal(IDictionary<string, string?> environment, params string[] arguments)
    {
        string command = string.Join(' ', arguments.Prepend(Program).Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        return new ShellProcess("script", ["-qec", command, "/dev/null"], environment);
    }

    public static Task<ShellResult> RunAsync(params string[] arguments) => Start(arguments).EndAsync();

    public async Task WaitForOutputAsync(string text)
    {
        while (!Text(_output).Contains(text, StringComparison.Ordinal))
        {
            if (_watch.Elapsed > Limit || _process.HasExited)
            {
                throw new TimeoutException($"'{text}' did not come; output: {Text(_output)} errors: {Text(_errors)}");
            }

            await Task.Delay(10);
        }
    }

    public void SendInterrupt() => Assert.Equal(0, Kill(_process.Id, Interrupt));

    /// <summary>Closes its input and waits for its end.</summary>
    public async Task<ShellResult> EndAsync()
    {
        Input.Close();
        return await WaitAsync();
    }

    public async Task<ShellResult> WaitAsync()
    {
        using CancellationTokenSource limit = new(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return new ShellResult(_process.ExitCode, Text(_output), Text(_errors), _watch.Elapsed);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    private static void Add(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.Append(line).Append(line is null ? "" : "\n");
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
