using System.Management.Automation;
using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

public sealed class CommandParityTests(BuiltModule module) : IClassFixture<BuiltModule>
{
    [Fact]
    public void Commands_AllHaveTestsInTheEngineAndInPester()
    {
        HashSet<string?> classes =
        [
            .. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "tests", "HybridMesh.Cmdlets.Tests"), "*Tests.cs", SearchOption.AllDirectories)
                .Select(Path.GetFileName),
        ];

        module.ForEachCommand(command => new[]
        {
            classes.Contains($"{command.ImplementingType.Name}Tests.cs") ? "" : "there is no xunit class",
            File.Exists(Path.Combine(RepositoryFiles.Root, "tests", "Pester", $"{command.Name}.Tests.ps1")) ? "" : "there is no Pester file",
        }.Where(text => text.Length > 0));
    }

    [Fact]
    public void Classes_AreNamedAfterTheirCommands_BecauseErrorIdsCarryThem()
    {
        module.ForEachCommand(command =>
            command.ImplementingType.FullName == $"HybridMesh.Cmdlets.{command.Verb}{command.Noun}Command" && command.ImplementingType.IsSealed
                ? []
                : [$"its class is {command.ImplementingType.FullName}"]);
    }

    [Fact]
    public void Writers_AllTakeWhatIf()
    {
        string[] writing = ["Add", "New", "Publish", "Remove", "Set", "Start", "Stop"];

        module.ForEachCommand(command =>
            writing.Contains(command.Verb) && !command.Parameters.ContainsKey("WhatIf") ? ["it has no -WhatIf"] : []);
    }

    [Fact]
    public void Commands_SayWhatTheyGive()
    {
        module.ForEachCommand(command => command.OutputType.Count == 0 && command.Verb is not ("Disconnect" or "Stop")
            ? ["it has no OutputType"]
            : []);
    }
}
