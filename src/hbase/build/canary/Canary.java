import java.time.Instant;
import java.util.Arrays;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.TableExistsException;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.util.Bytes;

/** Writes the time into a row of its own table and reads it back; the row of the run before is told first. */
public class Canary {
  private static final TableName TABLE = TableName.valueOf("canary");
  private static final byte[] FAMILY = Bytes.toBytes("f");
  private static final byte[] COLUMN = Bytes.toBytes("written-at");
  private static final byte[] ROW = Bytes.toBytes("last");

  public static void main(String[] arguments) {
    try (Connection connection = ConnectionFactory.createConnection(configuration())) {
      createTable(connection);
      try (Table table = connection.getTable(TABLE)) {
        byte[] before = read(table);
        System.out.println(before == null
            ? "canary: no earlier run has left a row"
            : "canary: an earlier run has left a row at " + Bytes.toString(before));
        System.out.println("canary: wrote and read back a row in " + writeAndRead(table) + " ms");
      }
    } catch (Exception error) {
      System.out.println("canary: failed: " + reasonOf(error));
      System.exit(1);
    }
  }

  /** The client wraps what went wrong several times, with a line for each of its attempts. */
  private static String reasonOf(Throwable error) {
    while (error.getCause() != null) error = error.getCause();
    return error.toString().lines().findFirst().orElse("");
  }

  private static Configuration configuration() {
    Configuration configuration = HBaseConfiguration.create();
    // The client's own limits would let it try for 20 minutes.
    configuration.setInt("hbase.client.retries.number", 6);
    configuration.setInt("hbase.client.operation.timeout", 30_000);
    configuration.setInt("hbase.client.meta.operation.timeout", 30_000);
    configuration.setInt("zookeeper.recovery.retry", 1);
    return configuration;
  }

  private static void createTable(Connection connection) throws Exception {
    try (Admin admin = connection.getAdmin()) {
      if (admin.tableExists(TABLE)) return;
      admin.createTable(TableDescriptorBuilder.newBuilder(TABLE)
          .setColumnFamily(ColumnFamilyDescriptorBuilder.of(FAMILY)).build());
    } catch (TableExistsException another) {
      // Another canary was quicker.
    }
  }

  private static long writeAndRead(Table table) throws Exception {
    byte[] now = Bytes.toBytes(Instant.now().toString());
    long start = System.nanoTime();
    table.put(new Put(ROW).addColumn(FAMILY, COLUMN, now));
    byte[] found = read(table);
    long milliseconds = (System.nanoTime() - start) / 1_000_000;
    if (!Arrays.equals(found, now)) throw new IllegalStateException("another value was read than was written");
    return milliseconds;
  }

  private static byte[] read(Table table) throws Exception {
    return table.get(new Get(ROW).addColumn(FAMILY, COLUMN)).getValue(FAMILY, COLUMN);
  }
}
