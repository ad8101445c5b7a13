using GpuNets.InstructionMix;

// Prints the table of the kernels whose name contains the first argument (all without one); --markdown FILE writes it there.
if (Ptxas.Path is null || Ptxas.Disassembler is null)
{
    Console.Error.WriteLine(Ptxas.Missing);
    return 1;
}
int at = Array.IndexOf(args, "--markdown");
string? file = at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
string filter = args.Length > 0 && at != 0 ? args[0] : "";
string table = MixTable.Markdown(HotKernels.All.Where(kernel => kernel.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)), [(8, 0), (9, 0)]);
if (file is null) Console.Write(table);
else File.WriteAllText(file, table);
return 0;
