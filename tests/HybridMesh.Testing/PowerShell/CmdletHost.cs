using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace HybridMesh.Testing;

/// <summary>
/// A runspace of the PowerShell engine with HybridMesh's cmdlets in it. The engine has the Core cmdlets only
/// (no Select-Object, ConvertTo-Json, Write-Error, ...); <c>Select-FirstN</c> is ours.
/// </summary>
public sealed class CmdletHost : IDisposable
{
    /// <summary>No script of a test may take longer; one that does fails instead of hanging the run.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private CmdletHost(InitialSessionState state)
    {
        Add(state, typeof(CmdletHost).Assembly);
        Host = new CapturingHost();
        Runspace = RunspaceFactory.CreateRunspace(Host, state);
        Runspace.Open();
        Expect("$PSStyle.OutputRendering = 'PlainText'");
    }

    /// <summary>The runspace, for tests that put fakes into its MeshRuntime.</summary>
    public Runspace Runspace { get; }

    /// <summary>The host: its text, and the answers it gives to prompts.</summary>
    public CapturingHost Host { get; }

    /// <summary>
    /// A runspace with every cmdlet class of an assembly, and the module's views and extended types. The assembly
    /// stays in the default load context, so that tests reach its internals.
    /// </summary>
    public static CmdletHost ForCmdlets(params Assembly[] assemblies)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        foreach (Assembly assembly in assemblies)
        {
            Add(state, assembly);
        }

        state.Types.Add(new SessionStateTypeEntry(RepositoryFiles.Types));
        foreach (string file in RepositoryFiles.Formats)
        {
            state.Formats.Add(new SessionStateFormatEntry(file));
        }

        return new CmdletHost(state);
    }

    /// <summary>A runspace that has imported the built module by its manifest, as a user would.</summary>
    public static CmdletHost ForModule()
    {
        CmdletHost host = Empty();
        host.Expect($"Import-Module '{RepositoryFiles.Manifest}'");
        return host;
    }

    /// <summary>A runspace without HybridMesh.</summary>
    public static CmdletHost Empty() => new(InitialSessionState.CreateDefault2());

    /// <summary>Sets a variable that scripts can read, so that objects need not be spelled as text.</summary>
    public CmdletHost With(string variable, object? value)
    {
        Runspace.SessionStateProxy.SetVariable(variable, value);
        return this;
    }

    /// <summary>Runs a script to its end and gives everything it wrote. A terminating error is a result, not a throw.</summary>
    public ScriptRun Run(string script)
    {
        using RunningScript running = Start(script);
        return running.Wait();
    }

    /// <summary>Runs a script that must write no error, and gives its output.</summary>
    public IReadOnlyList<PSObject> Expect(string script)
    {
        ScriptRun run = Run(script);
        return run.Errors.Count == 0
            ? run.Output
            : throw new InvalidOperationException(
                $"'{script}' failed: {string.Join(" | ", run.Errors.Select(e => $"{e.FullyQualifiedErrorId}: {e.Exception.Message}"))}",
                run.Errors[0].Exception);
    }

    /// <summary>Runs a script and gives what Out-Host renders of its output.</summary>
    public string Render(string script)
    {
        Expect($"& {{ {script} }} | Out-Host");
        return Host.TakeText();
    }

    /// <summary>Starts a script, to be stopped as Ctrl+C would.</summary>
    public RunningScript Start(string script)
    {
        Host.TakeText();
        return new RunningScript(this, script);
    }

    /// <inheritdoc/>
    public void Dispose() => Runspace.Dispose();

    private static void Add(InitialSessionState state, Assembly assembly)
    {
        foreach (Type type in assembly.GetTypes().Where(type => !type.IsAbstract))
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is not { } cmdlet)
            {
                continue;
            }

            string name = $"{cmdlet.VerbName}-{cmdlet.NounName}";
            state.Commands.Add(new SessionStateCmdletEntry(name, type, helpFileName: null));
            foreach (string alias in type.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? [])
            {
                state.Commands.Add(new SessionStateAliasEntry(alias, name));
            }
        }
    }
}
