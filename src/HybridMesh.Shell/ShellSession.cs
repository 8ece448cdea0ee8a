using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace HybridMesh.Shell;

/// <summary>One runspace, and what is run in it.</summary>
internal sealed class ShellSession : IDisposable
{
    private const string ModulePathVariable = "PSModulePath";
    private const string ModuleName = "HybridMesh";
    private const string SuccessVariable = "HybridMeshShellSuccess";

    private readonly Screen _screen;
    private readonly ShellHost _host;
    private readonly Runspace _runspace;
    private readonly Interrupts _interrupts;

    public ShellSession(Screen screen)
    {
        _screen = screen;
        LineReader reader = new();
        _interrupts = new Interrupts(reader);
        _host = new ShellHost(new ShellUserInterface(screen, new Questions(screen, reader)));
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.Commands.Add(
            new SessionStateCmdletEntry(OutByKindCommand.Name, typeof(OutByKindCommand), helpFileName: null));
        if (OperatingSystem.IsWindows())
        {
            // As pwsh -ExecutionPolicy Bypass: the user names the script to run. Other systems have no such policy.
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        // Opening a runspace adds pwsh's folders to the variable; programs started from here must not inherit that.
        string? modulePath = Environment.GetEnvironmentVariable(ModulePathVariable);
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.Open();
        Environment.SetEnvironmentVariable(ModulePathVariable, modulePath);
        Runspace.DefaultRunspace = _runspace;
    }

    /// <summary>Does what the command line says and gives the exit code.</summary>
    public int Run(ShellArguments arguments)
    {
        _interrupts.EndsProcess = arguments.Mode != ShellMode.Prompt;
        Prepare();
        if (arguments.ImportModule && !ImportModule(arguments.Module))
        {
            return ExitCodes.Failure;
        }

        try
        {
            return arguments.Mode switch
            {
                ShellMode.Script => RunScript(arguments),
                ShellMode.Command => RunCommand(arguments.Text),
                _ => new Prompt(_screen, RunLine, () => _host.ExitCode).Run(),
            };
        }
        finally
        {
            if (arguments.ImportModule)
            {
                // Closes connections and ends the session's lab.
                Execute(new Command("Remove-Module") { Parameters = { { "Name", ModuleName } } });
            }
        }
    }

    public void Dispose()
    {
        _interrupts.Dispose();
        _runspace.Dispose();
    }

    private int RunScript(ShellArguments arguments)
    {
        string path = Path.GetFullPath(arguments.Text);
        if (!File.Exists(path))
        {
            _screen.WriteError($"There is no script '{arguments.Text}' in '{Environment.CurrentDirectory}'.", "31;1");
            return ExitCodes.Failure;
        }

        Outcome outcome = RunLine(ScriptCall.Of(path, arguments.Rest));
        if (_interrupts.Happened)
        {
            return ExitCodes.Interrupted;
        }

        // A script's `exit N` fails the call and leaves N here; a program's code alone leaves the call successful.
        return outcome == Outcome.Success ? ExitCodes.Success
            : outcome == Outcome.Failed && Variable("LASTEXITCODE") is int code and not 0 ? code
            : ExitCodes.Failure;
    }

    private int RunCommand(string text)
    {
        Outcome outcome = RunLine(text);
        return _interrupts.Happened ? ExitCodes.Interrupted
            : _host.ExitCode ?? (outcome == Outcome.Success ? ExitCodes.Success : ExitCodes.Failure);
    }

    private Outcome RunLine(string text)
    {
        // $? is only true to the last statement inside the same script.
        string script = $"{text}\n${SuccessVariable} = $?";
        Outcome outcome = Execute(new Command(script, isScript: true, useLocalScope: false));
        return outcome == Outcome.Success && Variable(SuccessVariable) is false ? Outcome.Failed : outcome;
    }

    private object? Variable(string name) => _runspace.SessionStateProxy.GetVariable(name);

    private void Prepare()
    {
        string rendering = _screen.Colours ? "Ansi" : "PlainText";
        RunLine($"$PSStyle.OutputRendering = '{rendering}'");
    }

    private bool ImportModule(string? path)
    {
        string? manifest = path is null ? ModuleFinder.Find(AppContext.BaseDirectory) : Path.GetFullPath(path);
        if (manifest is null || !File.Exists(manifest))
        {
            _screen.WriteError(
                $"The module was not found ({manifest ?? ModuleFinder.ManifestName}); name it by --module, or leave "
                    + "it out by --no-module.",
                "31;1");
            return false;
        }

        return Execute(new Command("Import-Module")
        {
            Parameters = { { "Name", manifest }, { "ErrorAction", ActionPreference.Stop } },
        }) == Outcome.Success;
    }

    private Outcome Execute(Command command)
    {
        using PowerShell shell = PowerShell.Create();
        shell.Runspace = _runspace;
        shell.Commands.AddCommand(command);
        shell.Commands.AddCommand(OutByKindCommand.Name);
        shell.Streams.Error.DataAdded += (_, added) => Show(shell.Streams.Error[added.Index]);
        using IDisposable _ = _interrupts.Watch(shell);
        try
        {
            shell.Invoke(null, new PSInvocationSettings { AddToHistory = false });
            return Outcome.Success;
        }
        catch (PipelineStoppedException)
        {
            return Outcome.Terminated;
        }
        catch (RuntimeException e)
        {
            Show(e.ErrorRecord);
            return Outcome.Terminated;
        }
    }

    private void Show(ErrorRecord error)
    {
        (string message, string detail) = ErrorText.Of(error);
        _screen.WriteError(message, "31;1");
        _screen.WriteError(detail, "31");
    }
}
