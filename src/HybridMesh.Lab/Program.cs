using HybridMesh.Lab;

try
{
    return await LabCommands.RunAsync(args).ConfigureAwait(false);
}
catch (LabException e)
{
    Console.Error.WriteLine(e.Message);
    return e.ExitCode;
}
catch (OperationCanceledException)
{
    return 0;
}
catch (IOException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
