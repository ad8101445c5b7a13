using GpuNets.Kernels;

namespace GpuNets.Tests.Ops;

/// <summary>Fails when an op, or a formula that an op is made with, has no case.</summary>
public sealed class OpCatalogueTests
{
    [Fact(Timeout = 300_000)]
    public async Task Every_op_has_a_case()
    {
        await Task.Yield();
        var (ops, _) = Recorded();
        string[] missing = [.. typeof(Op).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract && !ops.Contains(type))
            .Select(type => type.Name)];
        Assert.True(missing.Length == 0, $"Ops without a case: {string.Join(", ", missing)}");
    }

    [Fact(Timeout = 300_000)]
    public async Task Every_formula_has_a_case()
    {
        await Task.Yield();
        var (_, arguments) = Recorded();
        string[] missing = [.. typeof(IUnaryOp).Assembly.GetTypes()
            .Where(type => type.IsValueType && type.GetInterfaces().Any(i => i.Name.StartsWith('I') && i.Name.EndsWith("Op", StringComparison.Ordinal)))
            .Where(type => !arguments.Contains(type) && type != typeof(NoActivation))   // the identity of plain matrix products
            .Select(type => type.Name)];
        Assert.True(missing.Length == 0, $"Formulas without a case: {string.Join(", ", missing)}");
    }

    /// <summary>Generic definitions of all op classes that the cases record, and the structs they are made with.</summary>
    private static (HashSet<Type> Ops, HashSet<Type> Arguments) Recorded()
    {
        HashSet<Type> ops = [], arguments = [];
        using var lease = TestDevices.Emulated(ExecutionForm.Host);
        foreach (var opCase in OpCatalogue.All)
        {
            if (opCase.NoGradient) continue;
            var inputs = new OpReference(opCase, new Philox(2)).Inputs;
            using var tape = lease.Device.Record();
            opCase.Run([.. opCase.Inputs.Select((input, n) => tape.Watch(lease.Device.Tensor(inputs[n], input.Shape)))]);
            foreach (var type in tape.Ops.Select(op => op.GetType()))
            {
                ops.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
                foreach (var argument in type.GetGenericArguments()) arguments.Add(argument);
            }
        }
        return (ops, arguments);
    }
}
