namespace GpuNets.Tests.BadInput;

/// <summary>Input that must be refused, by name: what is done, the error, and parts of its message.</summary>
public sealed class Refusals : Dictionary<string, (Action<Device> Act, Type Error, string[] Message)>
{
    /// <summary>The names, for a theory.</summary>
    public TheoryData<string> Names => [.. Keys];

    /// <summary>Does what must be refused on a device of the kind under test.</summary>
    public void Check(string name)
    {
        var (act, type, message) = this[name];
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        Check(() => act(lease.Device), type, message);
    }

    /// <summary>The action throws exactly this error, and its message has all parts.</summary>
    public static void Check(Action act, Type type, string[] message)
    {
        var error = Assert.Throws(type, act);
        Assert.All(message, part => Assert.Contains(part, error.Message));
    }
}
