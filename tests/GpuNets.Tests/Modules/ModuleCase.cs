namespace GpuNets.Tests.Modules;

/// <summary>One module under test.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Module">Its type.</param>
/// <param name="Make">Makes it.</param>
/// <param name="Run">Runs it; several outputs are joined.</param>
internal sealed record ModuleCase(string Name, Type Module, Func<Vars, Module> Make, Func<Module, SampleBatch, Tensor> Run)
{
    /// <summary>Axis of the output that counts samples.</summary>
    public int BatchAxis { get; init; }

    public static ModuleCase Of<T>(string name, Func<Vars, T> make, Func<T, SampleBatch, Tensor> run, int batchAxis = 0) where T : Module =>
        new(name, typeof(T), make, (module, batch) => run((T)module, batch)) { BatchAxis = batchAxis };
}
