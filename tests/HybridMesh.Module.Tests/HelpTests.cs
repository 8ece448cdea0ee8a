using System.Management.Automation.Language;
using HybridMesh.Help;
using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

public sealed class HelpTests(BuiltModule module) : IClassFixture<BuiltModule>
{
    private static string Pages => Path.Combine(RepositoryFiles.Root, "module", "docs", "en-US");

    [Fact]
    public void Commands_AllHaveAPageThatSaysEnough()
    {
        module.ForEachCommand(command =>
        {
            string path = PageOf(command.Name);
            return File.Exists(path)
                ? Complaints(HelpPage.Parse(path), [.. BuiltModule.ParametersOf(command)
                    .Where(property => property.DeclaringType == command.ImplementingType).Select(property => property.Name)])
                : ["there is no page"];
        });
    }

    [Fact]
    public void Pages_AreOfExistingCommandsAndParameters()
    {
        Dictionary<string, string[]> parameters = module.Commands.ToDictionary(
            command => command.Name, command => BuiltModule.ParametersOf(command).Select(property => property.Name).ToArray());

        IEnumerable<string> strays = Directory.EnumerateFiles(Pages, "*-*.md")
            .SelectMany(path => parameters.TryGetValue(Path.GetFileNameWithoutExtension(path), out string[]? known)
                ? HelpPage.Parse(path).Parameters.Select(entry => entry.Name).Except([.. known, "WhatIf", "Confirm"])
                    .Select(name => $"{Path.GetFileName(path)}: there is no -{name}")
                : [$"{Path.GetFileName(path)}: there is no such command"]);

        BuiltModule.None(strays);
    }

    [Fact]
    public void GetHelp_ShowsPagesAndRealSyntax()
    {
        string text = module.Host.Render("Get-Help Import-MeshVm -Full");

        Assert.Contains("Import-MeshVm [-Path] <string> [<CommonParameters>]", text, StringComparison.Ordinal);
        Assert.Contains("Reads a list of VMs", text, StringComparison.Ordinal);
        Assert.Contains("Example 2:", text, StringComparison.Ordinal);
        Assert.Contains("True (ByPropertyName, ByValue)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void GetHelp_KnowsEveryCommand()
    {
        module.ForEachCommand(command =>
        {
            string synopsis = module.Host.Expect($"(Get-Help {command.Name}).Synopsis") is [var only] ? $"{only}".Trim() : "";
            string page = File.Exists(PageOf(command.Name)) ? HelpPage.Parse(PageOf(command.Name)).Synopsis[0] : "";
            return synopsis == page ? [] : [$"Get-Help says '{synopsis}', the page says '{page}'"];
        });
    }

    [Fact]
    public void AboutTopic_BecomesIndentedWrappedText()
    {
        string text = AboutTopic.Render("# about_X\n\n## Why\n\n" + string.Join(' ', Enumerable.Repeat("word", 30)) + "\n\n- a\n- b\n");

        Assert.StartsWith("TOPIC\n    about_X\n\nWHY\n    word", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("    - a\n    - b\n", text, StringComparison.Ordinal);
    }

    private static string PageOf(string command) => Path.Combine(Pages, command + ".md");

    private static IEnumerable<string> Complaints(HelpPage page, string[] parameters)
    {
        if (page.Description.Count == 0 || page.Outputs.Count == 0)
        {
            yield return "DESCRIPTION or OUTPUTS is empty";
        }

        if (page.Examples.Count < 2)
        {
            yield return "there are fewer than two examples";
        }

        foreach (HelpExample example in page.Examples)
        {
            Parser.ParseInput(example.Code, out _, out ParseError[] errors);
            if (example.Code.Length == 0 || example.Remarks.Count == 0 || errors.Length > 0)
            {
                yield return $"'{example.Title}' lacks code or narration, or does not parse: {errors.FirstOrDefault()?.Message}";
            }
        }

        foreach (string missing in parameters.Except(page.Parameters.Select(entry => entry.Name), StringComparer.OrdinalIgnoreCase))
        {
            yield return $"-{missing} has no section";
        }
    }
}
