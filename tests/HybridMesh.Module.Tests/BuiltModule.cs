using System.Management.Automation;
using System.Reflection;
using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

/// <summary>The built module, imported once.</summary>
public sealed class BuiltModule : IDisposable
{
    public BuiltModule()
    {
        Host = CmdletHost.ForModule();
        Commands = [.. Host.Expect("Get-Command -Module HybridMesh").Select(item => (CmdletInfo)item.BaseObject)];
    }

    public CmdletHost Host { get; }

    public IReadOnlyList<CmdletInfo> Commands { get; }

    public static string Bin => Path.Combine(RepositoryFiles.Root, "module", "bin");

    /// <summary>The parameters that are a command's own or come from our base classes.</summary>
    public static IEnumerable<PropertyInfo> ParametersOf(CmdletInfo command) =>
        command.ImplementingType.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.GetCustomAttributes<ParameterAttribute>().Any());

    /// <summary>A test's list of commands, each checked, with all failures in one message.</summary>
    public void ForEachCommand(Func<CmdletInfo, IEnumerable<string>> complaints) =>
        None(Commands.SelectMany(command => complaints(command).Select(text => $"{command.Name}: {text}")));

    /// <summary>Fails with every complaint in full.</summary>
    public static void None(IEnumerable<string> complaints)
    {
        string all = string.Join(Environment.NewLine, complaints);
        Assert.True(all.Length == 0, all);
    }

    public void Dispose() => Host.Dispose();
}
